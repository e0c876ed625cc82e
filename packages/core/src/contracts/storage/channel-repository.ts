import type { ChannelSummary } from '../../protocol/channel.ts'
import type { UserSummary } from '../../protocol/user.ts'

/** A channel as it is stored. */
export interface StoredChannel extends Omit<ChannelSummary, 'members' | 'messages'> {
  /** Messages that its log has, deleted ones too. */
  readonly messages: number
  /** Who is in it, by id, of a private and of a direct channel; undefined of any other. */
  readonly members?: readonly UserSummary[] | undefined
  /** See {@link NewChannel}. */
  readonly directKey?: string | undefined
}

/** A channel to be made: with an empty log and an epoch of its own, last in the order. */
export interface NewChannel {
  readonly id: string
  readonly kind: ChannelSummary['kind']
  readonly name: string
  /** What names are compared by, unique among the channels that have one; undefined of a direct channel. */
  readonly nameKey?: string | undefined
  readonly topic?: string | undefined
  readonly private?: boolean | undefined
  readonly slowModeMs?: number | undefined
  /** Of a direct channel, what it is found again by: unique for ever. */
  readonly directKey?: string | undefined
  /** Ids of users. */
  readonly members?: readonly string[] | undefined
  /** Wall time in milliseconds. */
  readonly at: number
}

/** What changes of a channel; what is left out stays. An empty topic and a slow mode of 0 take them away. */
export interface ChannelChange {
  readonly name?: string | undefined
  /** Goes with `name`. */
  readonly nameKey?: string | undefined
  readonly topic?: string | undefined
  readonly archived?: boolean | undefined
  readonly slowModeMs?: number | undefined
  /** The channel that it is to stand before; null for the end. One that does not exist is the end too. */
  readonly before?: string | null | undefined
}

/** `exists`: a direct channel with this key was there before; it is the one that is returned. */
export type ChannelCreation =
  | { readonly outcome: 'created' | 'exists'; readonly channel: StoredChannel }
  | { readonly outcome: 'name-taken' }

/** The channels. */
export interface ChannelRepository {
  /** In their order. */
  list(): Promise<readonly StoredChannel[]>
  get(id: string): Promise<StoredChannel | undefined>
  create(channel: NewChannel): Promise<ChannelCreation>
  /** The channel as it is then; undefined where there is none. */
  update(id: string, change: ChannelChange): Promise<StoredChannel | 'name-taken' | undefined>
  /** The channel and its log are out of sight at once; false where there is none. */
  remove(id: string): Promise<boolean>
  /**
   * Deletes at most `most` messages of removed channels with their files (see `UploadRepository.removed`), and those channels that have none left. Resolves with what is
   * left to do: call it until that is false.
   */
  purge(most: number): Promise<boolean>
  /** False where they are in it already, or there is no such channel or user. */
  addMember(id: string, user: string): Promise<boolean>
  /** False where they are not in it. */
  removeMember(id: string, user: string): Promise<boolean>
  /** Gives every log another epoch: the store was restored from a copy, and clients must not trust their cursors. */
  renewEpochs(): Promise<void>
}
