/** Where vehicles are. */
export const map = {
  map: {
    title: 'Map',
    all: 'Show all',
    count_one: '{{count}} of {{of}} vehicles has said where it is',
    count_other: '{{count}} of {{of}} vehicles have said where they are',
    loading: 'Loading the map…',
    failed: 'This page cannot draw a map: it has no WebGL. Positions are in the vehicle list and on the cards.',
    speed: '{{value}} km/h',
    noPlace: 'no position at this moment',
  },
};
