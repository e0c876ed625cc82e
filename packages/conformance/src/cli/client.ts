import type { Command } from './command.ts'

export const clientCommand: Command = { name: 'client', usage: '', run: async () => 2 }
