// `?worker&url`: the module's address as a file of its own; the page's policy takes no other.
import address from './microphone-worklet.ts?worker&url';

export const microphoneModule: string = address;
