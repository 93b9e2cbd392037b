// Arabic: the sentences of the built-in messages.
import type { Texts } from './texts.ts'

export const ar: Texts = {
  language: 'ar',
  rtl: true,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? 'فريق' : 'فريقه')
    return inviter === null ? `دعوة للانضمام إلى ${to}` : `دعوة من ${inviter} للانضمام إلى ${to}`
  },
  reminder: headline => `تذكير: ${headline}`,
  hello: name => (name === null ? 'مرحبًا،' : `مرحبًا ${name}،`),
  role: role => `سيكون دورك: ${role}.`,
  roles: { owner: 'مالك', admin: 'مدير', member: 'عضو', viewer: 'مشاهد' },
  button: 'عرض الدعوة',
  address: 'أو افتح هذا العنوان في متصفحك:',
  code: code => `أو أدخل هذا الرمز: ${code}`,
  until: date => `الدعوة صالحة حتى ${date}.`,
  unexpected: 'لم تكن تتوقع هذه الرسالة؟ يمكنك تجاهلها: لن يحدث شيء ما لم تقبل.',
  expired: {
    headline: who => `انتهت صلاحية دعوتك إلى ${who}`,
    body: (who, organization, date) =>
      `لم يرد ${who} على دعوتك للانضمام إلى ${organization ?? 'فريقك'}، وكانت صالحة حتى ${date}.`,
    advice: 'يمكنك إرسال الدعوة مرة أخرى.',
    button: 'عرض الدعوات',
  },
}
