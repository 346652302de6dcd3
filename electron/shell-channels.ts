/** What the preload sends to the main process; the answer to the first is a port under the name `portMessage`. */
export const connectChannel = 'convoy:connect';
export const languageChannel = 'convoy:language';
/** With the name of a file that the page saved, or the address of one of an export. */
export const showSavedChannel = 'convoy:show-saved';
