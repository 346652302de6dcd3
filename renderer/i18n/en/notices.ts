/** What the server tells operators; `params` of a notice fill the braces. */
export const notices = {
  notice: {
    vehicleOnline: 'came online',
    vehicleOffline: 'went offline',
    unknown: '{{text}}',
  },
};
