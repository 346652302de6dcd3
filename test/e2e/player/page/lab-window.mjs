import { app, BrowserWindow } from 'electron';

/** A window like the product's on the page that is named last on the command line. */
const url = process.argv.at(-1);

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 1060, webPreferences: { backgroundThrottling: false } });
  window.loadURL(url);
});
