import { fileURLToPath } from 'node:url'
import { ServerProcess as BuiltServer } from '../reference-server/server-process.ts'

const PROGRAM = fileURLToPath(new URL('../dist/reference-server/main.js', import.meta.url))

/** The built reference server over one data folder. */
export class ServerProcess extends BuiltServer {
  constructor(directory: string) {
    super({ program: PROGRAM, directory })
  }
}
