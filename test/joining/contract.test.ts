// What a connector can break of the storage contract, over every library. `npm run test:long` runs all of it.
import { connectorContract } from '../contract/storage/contract.ts'
import { forEachConnector } from './contract.ts'

forEachConnector(connectorContract)
