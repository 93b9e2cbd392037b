// The sentences of the pages in Arabic, right to left.
import { html } from '../html.ts'
import type { Sentences } from './sentences.ts'

export const ar: Sentences = {
  language: 'ar',
  rtl: true,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? html`فريق` : html`فريقه`)
    return inviter === null ? html`دعوة للانضمام إلى ${to}` : html`دعوة من ${inviter} للانضمام إلى ${to}`
  },
  role: 'الدور',
  roles: { owner: 'مالك', admin: 'مدير', member: 'عضو', viewer: 'مشاهد' },
  until: 'صالحة حتى',
  account: 'الحساب الحالي',
  accept: 'قبول',
  decline: 'رفض',
  goOn: 'متابعة',
  askNew: 'طلب دعوة جديدة',
  switchAccount: 'تبديل الحساب',
  again: 'إعادة المحاولة',
  toApp: 'الذهاب إلى التطبيق',
  roleChanged: 'تغيّر الدور في هذه الدعوة منذ أن فتحت الصفحة. يُرجى مراجعته قبل القبول.',
  signInFirst: app => html`سجّل الدخول إلى ${app ?? html`التطبيق`} أولًا، ثم افتح هذا الرابط مرة أخرى.`,
  landing: ({ organization, inviter, recipient, account }) => {
    const sender = inviter ?? html`الشخص الذي دعاك`
    return {
      signed_out: { title: null, text: html`سجّل الدخول أو أنشئ حسابًا للرد.` },
      ready: { title: null, text: html`لن يتغير شيء ما لم تقبل.` },
      mismatch: {
        title: 'هذه الدعوة لحساب آخر',
        text: html`أُرسلت إلى ${recipient ?? html`عنوان آخر`}${account && html`، وحسابك الحالي هو ${account}`}. بدّل الحساب، أو اطلب دعوة لهذا الحساب.`,
      },
      unverified: {
        title: 'أكّد عنوانك أولًا',
        text: html`أُرسلت هذه الدعوة إلى ${recipient ?? html`عنوانك`}، ولم يؤكّد حسابك هذا العنوان بعد. أكّده ثم أعد المحاولة.`,
      },
      expired: { title: 'انتهت صلاحية هذه الدعوة', text: html`يمكنك طلب دعوة جديدة من ${sender}.` },
      asked: { title: 'وصل طلبك', text: html`ستصلك دعوة جديدة إذا أرسلها ${sender}.` },
      declined: { title: 'رُفضت هذه الدعوة', text: html`إن كان ذلك خطأ، فاطلب دعوة جديدة من ${sender}.` },
      said_no: { title: 'لقد رفضت الدعوة', text: html`إن كان ذلك خطأ، فاطلب دعوة جديدة من ${sender}.` },
      accepted: { title: 'قُبلت هذه الدعوة من قبل', text: html`إن كنت أنت من قبلها، فتابع إلى التطبيق.` },
      joined: { title: 'أهلًا بك', text: html`لقد انضممت إلى ${organization ?? html`الفريق`}.` },
      already_member: { title: 'أنت عضو بالفعل', text: html`لم يبقَ شيء تفعله هنا.` },
      full: {
        title: 'لا يوجد مكان شاغر',
        text: html`لا يوجد مكان شاغر في ${organization ?? html`الفريق`} الآن. أخبر ${sender}؛ تبقى الدعوة صالحة ويمكنك إعادة المحاولة لاحقًا.`,
      },
      exhausted: { title: 'استُنفد هذا الرابط', text: html`استُخدم بالقدر المسموح به. اطلب رابطًا آخر من ${sender}.` },
      unauthorized: {
        title: 'لا يمكن قبول هذه الدعوة',
        text: html`لم يعد بإمكان من أنشأها منح هذا الدور. اطلب دعوة جديدة من فريقك.`,
      },
      unknown: { title: 'لا توجد دعوة هنا', text: html`تأكد من أنك فتحت الرابط كاملًا، أو اطلب رابطًا جديدًا ممن دعاك.` },
      trouble: { title: 'لم ينجح ذلك', text: html`افتح الرابط مرة أخرى بعد قليل.` },
      busy: { title: 'لحظة من فضلك', text: html`كانت هناك محاولات كثيرة. انتظر قليلًا ثم أعد المحاولة.` },
    }
  },
  unsubscribe: {
    states: ({ organization, recipient }) => {
      const who = organization ?? html`هذا الفريق`
      const to = recipient ?? html`هذا العنوان`
      return {
        ask: {
          title: html`إيقاف الدعوات من ${who}؟`,
          text: html`لن يُرسل أي شيء آخر إلى ${to}. تبقى الدعوات التي لديك صالحة.`,
          button: 'إيقاف الدعوات',
        },
        stopped: {
          title: html`أُوقفت الدعوات من ${who}`,
          text: html`لن يُرسل أي شيء آخر إلى ${to}. إن كان ذلك خطأ فيمكنك التراجع هنا.`,
          button: 'تراجع',
        },
        resumed: {
          title: html`ستصلك الدعوات من ${who} مجددًا`,
          text: html`تُرسل إلى ${to} كما كانت.`,
          button: 'إيقاف الدعوات',
        },
      }
    },
    unknown: { title: 'هذا الرابط لا يعمل', text: 'افتحه مرة أخرى من الرسالة التي وصلتك.' },
  },
}
