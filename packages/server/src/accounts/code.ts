import { randomInt } from 'node:crypto'
import { hashToken } from './token.ts'

/** Without characters that look alike. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** 32^20: 100 bits, which nobody guesses. */
const GROUPS = 5
const GROUP_LENGTH = 4

/** A code that a person may copy by hand: `K7QX-2M4P-…`. */
export function createCode(groups: number = GROUPS): string {
  const group = (): string => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return Array.from({ length: groups }, group).join('-')
}

/** What is stored of a code, however it was typed. */
export function hashCode(code: string): Promise<string> {
  return hashToken(code.toUpperCase().replaceAll(/[^A-Z2-9]/g, ''))
}
