// Text to values and back, the client's half of the wire. No policy, no state, never throws.
export { decodeServerMessage } from './decode';
export { encodeClientMessage } from './encode';
