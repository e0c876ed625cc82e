import type { ChannelSummary } from '../../protocol/channel.ts'

/** The channels. */
export interface ChannelRepository {
  /** In their order. */
  list(): Promise<readonly ChannelSummary[]>
  /** Gives every log another epoch: the store was restored from a copy, and clients must not trust their cursors. */
  renewEpochs(): Promise<void>
  get(id: string): Promise<ChannelSummary | undefined>
}
