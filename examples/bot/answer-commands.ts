import type { Channel, ChannelSummary, Client, Message } from '@arclight/client-node'
import type { Commands } from './commands.ts'

type Unsubscribe = ReturnType<Channel['on']>

/** What of a bot's work went wrong: the bot goes on. */
export type Failed = (error: unknown) => void

/**
 * Answers commands, and whoever mentions the bot or writes to it directly, in every channel that it may read, those too
 * that come later. Resolves once it listens everywhere; ends with the client.
 */
export async function answerCommands(client: Client, commands: Commands, failed: Failed): Promise<void> {
  const listening = new Map<string, Unsubscribe>()
  const listen = async ({ id, head }: ChannelSummary): Promise<void> => {
    if (listening.has(id)) return
    const channel = client.channels.get(id)
    const answered = (message: Message): void => {
      answer(channel, message).catch(failed)
    }
    listening.set(id, channel.on('message', answered))
    await channel.join()
    // What was said between the news of the channel and the joining: the first words to a new direct channel.
    for await (const { messages } of channel.history({ after: head, before: 'live' })) messages.forEach(answered)
  }
  const answer = async (channel: Channel, message: Message): Promise<void> => {
    const words = wordsFor(client, channel, message)
    if (!words) return
    const [name = '', ...rest] = words
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    const text = command ? await command(rest) : `ask me for ${Object.keys(commands).map(slashed).join(' or ')}`
    if (command || !message.text.startsWith('/')) await channel.send({ text, replyTo: message.seq })
  }
  client.channels.on('changed', (channel) => {
    listen(channel).catch(failed)
  })
  client.channels.on('removed', ({ channel }) => {
    listening.get(channel)?.()
    listening.delete(channel)
  })
  await Promise.all((await client.channels.list()).map(listen))
}

/** What the bot is asked; undefined where the message is not for it. What bots say is for people. */
function wordsFor(client: Client, channel: Channel, { author, text, mentions = [] }: Message): string[] | undefined {
  if (author.bot) return undefined
  const [first = '', ...rest] = text.trim().split(/\s+/)
  if (first.startsWith('/')) return [first.slice(1), ...rest]
  const isCalled = channel.summary?.kind === 'direct' || mentions.some((id) => id === client.user?.id)
  if (!isCalled) return undefined
  return first.startsWith('@') ? rest : [first, ...rest]
}

function slashed(name: string): string {
  return `/${name}`
}
