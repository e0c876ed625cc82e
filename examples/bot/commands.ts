/** What a bot can be asked for, by the word that asks for it: `/roll 2d6` calls `roll` with `['2d6']`. */
export type Commands = Readonly<Record<string, (words: readonly string[]) => string | Promise<string>>>

const DICE = /^(?<count>\d{1,2})d(?<sides>\d{1,3})$/

/** The commands of the example. */
export const commands: Commands = {
  roll: ([dice = '1d6']) => {
    const { count, sides } = DICE.exec(dice)?.groups ?? {}
    if (!Number(count) || !Number(sides)) return 'say how many dice, and of how many sides: /roll 2d6'
    const thrown = Array.from({ length: Number(count) }, () => 1 + Math.floor(Math.random() * Number(sides)))
    return `${thrown.join(' + ')} = ${thrown.reduce((sum, one) => sum + one)}`
  },
  time: () => `it is ${new Date().toUTCString()} where I am`,
}
