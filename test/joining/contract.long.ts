// The storage contract over every library: the same promises, whatever runs the statements.
import { storageContract } from '../contract/storage/contract.ts'
import { forEachConnector } from './contract.ts'

forEachConnector(storageContract)
