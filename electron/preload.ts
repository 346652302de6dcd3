import { contextBridge, ipcRenderer } from 'electron';
import { portMessage } from './contract.ts';
import { connectChannel, languageChannel, showSavedChannel } from './shell-channels.ts';

// A MessagePort does not pass through contextBridge; posted to the page's own window it arrives in the page's world.
ipcRenderer.on(portMessage, event => window.postMessage(portMessage, location.origin, [...event.ports]));

contextBridge.exposeInMainWorld('convoy', {
  /** Asks for a control port; it is posted into the page under the name `portMessage`. */
  connect: () => ipcRenderer.send(connectChannel),
  /** Shows a file that the page saved, or one of an export, in its folder. */
  showSaved: (name: unknown) => ipcRenderer.send(showSavedChannel, String(name)),
  /** The operator's language, for the menu. */
  language: (code: unknown) => ipcRenderer.send(languageChannel, code === 'zh' ? 'zh' : 'en'),
});
