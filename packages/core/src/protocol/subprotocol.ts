/** The WebSocket subprotocol; it names the major version, and nothing else repeats one. */
export const SUBPROTOCOL = 'arclight.v1'
