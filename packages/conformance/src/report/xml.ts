const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text inside an element or an attribute, of XML and of HTML; what XML 1.0 cannot hold becomes U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (mark) => MARKS[mark] as string)
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
}
