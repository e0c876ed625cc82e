import { randomBytes, webcrypto } from 'node:crypto'
import { promisify } from 'node:util'

const TOKEN_BYTES = 32
const ID_BYTES = 12
const random = promisify(randomBytes)

/** A session token: 256 random bits, base64url. */
export async function createToken(): Promise<string> {
  return (await random(TOKEN_BYTES)).toString('base64url')
}

/** What is stored of a token. Plain SHA-256 is enough for 256 random bits: there is nothing to guess. */
export async function hashToken(token: string): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url')
}

/** An identifier that nobody can guess or run into: 96 random bits. */
export async function createId(): Promise<string> {
  return (await random(ID_BYTES)).toString('base64url')
}
