import type { Attachment } from '../../protocol/file.ts'
import type { UserSummary } from '../../protocol/user.ts'
import type { MessagePlace } from './log-repository.ts'

/** An upload that begins. Times are wall times in milliseconds. */
export interface NewUpload {
  readonly id: string
  readonly owner: string
  /** What it may become. */
  readonly purpose: 'attachment' | 'avatar'
  readonly name: string
  /** Bytes that are to come. */
  readonly size: number
  readonly createdAt: number
  /** When it goes unless it is finished. */
  readonly expiresAt: number
}

/** What a user may have: bytes of uploads in every state but `removed`, this one too, and uploads that still grow. */
export interface UploadBounds {
  readonly bytes: number
  readonly growing: number
}

/** What an upload has become. */
export interface FinishedUpload extends Pick<Attachment, 'type' | 'size' | 'width' | 'height' | 'thumbnail'> {
  /** When it goes unless something has it. */
  readonly expiresAt: number
}

/**
 * An upload. `growing`: bytes are to come; `ready`: it is whole, and nothing has it yet; `used`: a message has it, or it
 * is its owner's avatar; `removed`: its files are to be deleted.
 */
export interface StoredUpload extends NewUpload {
  readonly state: 'growing' | 'ready' | 'used' | 'removed'
  /** Undefined while it grows. */
  readonly file?: Attachment | undefined
  /** The message that has it. */
  readonly message?: MessagePlace | undefined
}

/**
 * The uploads. What a message has, `LogRepository.append` gives it; what a deleted message or a removed channel had is
 * `removed` in the transaction that took it away.
 */
export interface UploadRepository {
  /** Counts and stores at once, whoever else does: two uploads never share what is left. */
  create(upload: NewUpload, bounds: UploadBounds): Promise<'created' | 'too-many' | 'too-much'>
  get(id: string): Promise<StoredUpload | undefined>
  /** A user's, but for removed ones, by id and behind one; at most `limit`. */
  byOwner(owner: string, after: string, limit: number): Promise<readonly StoredUpload[]>
  /** What grew is whole; false where there is none that grows. */
  finish(id: string, file: FinishedUpload): Promise<boolean>
  /** Removes what grows or is ready; false where there is none. */
  remove(id: string): Promise<boolean>
  /**
   * Gives a user the avatar that they uploaded, or none; the one before is removed. The user as they are then; undefined
   * where there is no such user, or no such upload of theirs that is ready or their avatar already.
   */
  setAvatar(user: string, id: string | undefined): Promise<UserSummary | undefined>
  /** Removes what grows or is ready and has expired at `now`. */
  expire(now: number): Promise<void>
  /** Ids of removed ones, at most `most`. */
  removed(most: number): Promise<readonly string[]>
  /** Forgets removed ones, whose files are gone. */
  forget(ids: readonly string[]): Promise<void>
}
