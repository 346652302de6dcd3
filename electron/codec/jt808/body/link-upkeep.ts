import { defineEmptyMessage } from '../message-entry.ts';

/** 808-2013 §8.3. No body. */
export const heartbeat = defineEmptyMessage({
  id: 0x0002,
  name: 'Terminal heartbeat',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],
});

/** 808-2013 §8.7. No body. */
export const logout = defineEmptyMessage({
  id: 0x0003,
  name: 'Terminal logout',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],
});
