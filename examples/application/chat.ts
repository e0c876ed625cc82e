import type { Channel, Client, Message, PresenceStatus, UserSummary } from '@arclight/client-node'

/** Where the example shows what it is told. */
export interface Screen {
  found(messages: readonly Message[]): void
  typing(users: readonly UserSummary[]): void
  unread(count: number, mentions: number): void
  status(user: UserSummary, status: PresenceStatus): void
}

/** Everything that a chat does beside sending and listening, once. Resolves with the channels that it made. */
export async function tour(client: Client, li: UserSummary, screen: Screen): Promise<Channel[]> {
  const general = client.channels.get('general')

  const plan = await general.send('lunch at noon?')
  await general.edit(plan.seq, 'lunch at one?')
  await general.react(plan.seq, '👍')
  await general.pin(plan.seq) // the owner's; in a direct channel its members'
  const reply = await general.send({ text: 'gladly', replyTo: plan.seq, mentions: [li.id] })
  await general.deleteMessage(reply.seq)
  for await (const { messages } of client.search({ query: 'lunch' })) screen.found(messages)

  general.on('typing', (users) => screen.typing(users))
  general.typing() // at each key
  general.on('unread', ({ unread, mentions }) => screen.unread(unread, mentions))
  await general.markRead() // up to the newest that was shown
  const present = await client.presence.watch()
  present.on('changed', ({ user, status }) => screen.status(user, status))

  const direct = await client.channels.direct([li.id])
  const team = await client.channels.create({ kind: 'text', name: 'team', private: true }) // the owner's
  await team.addMember(li.id)
  return [direct, team]
}
