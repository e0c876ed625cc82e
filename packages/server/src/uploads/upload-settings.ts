import type { Milliseconds } from '@arclight/core'
import { LIMITS } from '@arclight/core/protocol'

/** What a server takes of uploads; the protocol's LIMITS unless told. */
export interface UploadOptions {
  /** Bytes of one upload. */
  readonly mostBytes?: number | undefined
  /** Bytes of all that one user has here, and of what they are uploading. */
  readonly quotaBytes?: number | undefined
  /** Unfinished uploads of one user. */
  readonly atOnce?: number | undefined
  /** How long an upload may take. */
  readonly unfinishedMs?: Milliseconds | undefined
  /** How long a file is kept that no message has. */
  readonly unusedMs?: Milliseconds | undefined
  /** Types that are not taken, as found in the bytes: `application/x-msdownload`, `video/*`. */
  readonly refusedTypes?: readonly string[] | undefined
}

/** {@link UploadOptions} with what was not told. */
export type UploadSettings = { readonly [Name in keyof UploadOptions]-?: NonNullable<UploadOptions[Name]> }

/** Throws RangeError for a number that lets nothing pass. */
export function uploadSettings(options: UploadOptions = {}): UploadSettings {
  const settings: UploadSettings = {
    mostBytes: options.mostBytes ?? LIMITS.uploadBytes,
    quotaBytes: options.quotaBytes ?? LIMITS.uploadQuotaBytes,
    atOnce: options.atOnce ?? LIMITS.uploads,
    unfinishedMs: options.unfinishedMs ?? LIMITS.unfinishedMs,
    unusedMs: options.unusedMs ?? LIMITS.unusedMs,
    refusedTypes: options.refusedTypes ?? [],
  }
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(Number.isInteger(value) && value > 0)) {
      throw new RangeError(`expected a whole number above 0 for uploads.${name}, got ${value}`)
    }
  }
  return settings
}

/** Whether the operator refuses that type. */
export function isRefused(type: string, refused: readonly string[]): boolean {
  const family = `${type.split('/')[0]}/*`
  return refused.some((one) => one === type || one === family)
}

/** A number of bytes in the unit that a person reads. */
export function inWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  return `${Number((bytes / 1_000 ** power).toPrecision(3))} ${units[power]}`
}
