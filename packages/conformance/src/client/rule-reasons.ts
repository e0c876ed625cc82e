export const ruleReasons: Readonly<Record<string, string>> = {}
