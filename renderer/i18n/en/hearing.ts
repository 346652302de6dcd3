/** Sound of cameras. */
export const hearing = {
  ear: {
    opening: 'Sound is being opened…',
    heard: 'Heard',
    silent: 'This camera sends no sound.',
    away: 'No sound: the stream does not run.',
    unsupported: '{{codec}} sound cannot be played here.',
    broken: 'The sound cannot be decoded ({{codec}}).',
    refused: 'Sound was refused: {{reason}}.',
    disconnected: 'No sound: no connection to the server.',
    resting: 'Live sound rests while the recording is shown.',
    deaf: 'This computer cannot play sound.',
    blocked: 'Click anywhere to hear',
  },
  hearing: {
    stop: 'Stop listening',
    pin: 'Keep audible beside others',
    unpin: 'No longer keep audible',
    level: 'Sound level',
    mute: 'Mute all',
    unmute: 'Muted. Unmute',
    nothing: 'Nothing is listened to. Select a tile and press H.',
    playing: 'Listening to {{names}}',
    play: '{{reading}} · {{delay}} ms',
    volume: 'Volume',
    volumeHelp: 'Of cameras that are listened to.',
  },
};
