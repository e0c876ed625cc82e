import { fileURLToPath } from 'node:url'

/** The vectors that ship in the package. */
export const VECTORS = fileURLToPath(new URL('../../vectors', import.meta.url))
