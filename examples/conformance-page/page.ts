import { createClient, localStorageTokens } from '@arclight/client-web'
import { driveCoreClient } from '@arclight/conformance/core-driver'

globalThis.conformancePage = {
  create: (name, settings) => driveCoreClient(createClient(settings), (what) => void globalThis.told(name, what)),
  localStorageTokens,
}
