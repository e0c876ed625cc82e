import type { ChannelSummary } from '../../protocol/channel.ts'

/** The channels. */
export interface ChannelRepository {
  /** In their order. */
  list(): Promise<readonly ChannelSummary[]>
  get(id: string): Promise<ChannelSummary | undefined>
}
