/** What operators are told; `params` of a notice fill the braces. The first ones are told by the console itself. */
export const notices = {
  notice: {
    vehicleOnline: 'came online',
    vehicleOffline: 'went offline',
    vehicleNew: 'asks to be admitted',
    vehicleAlarm: '{{words}}',
    streamLost: 'camera {{channel}}: picture lost',
    streamRefused: 'camera {{channel}}: {{reason}}',
    registeredElsewhere:
      'Somebody at {{address}} registers as {{vehicle}}, which is connected from elsewhere: a changed network, or an impostor.',
    portNotOpen: '{{protocol}} port {{port}} is not open: {{reason}}. It is tried again.',
    settingRejected: 'The setting {{key}} is out of its range; its default is used.',
    storeDamaged: 'A damaged file was set aside: {{file}}',
    storeUnwritable: 'Cannot be written: {{file}}. {{reason}}',
    recordingFailed: 'Recordings do not reach the disk: {{reason}}. {{folder}}',
    soundNotKept: 'The sound of {{vehicle}} CH {{channel}} ({{codec}}) is not recorded. Its pictures are.',
    recordingResumed: 'Recordings reach the disk again. {{folder}}',
    recordingsMended: 'Recordings that were cut off and are closed now: {{count}}',
    recordingsMissing: 'Recordings whose files are gone: {{count}}',
    recordingsFound: 'Recordings found on disk and listed again: {{count}}',
    catalogueUnavailable: 'The catalogue of recordings cannot be used: {{reason}}',
    plansUnreadable: 'The recording plans cannot be read: {{reason}}',
    dataNearlyUsedUp: '{{vehicle}} has used {{percent}} % of its {{megabytes}} MB of data this month.',
    dataUsedUp: '{{vehicle}} has used up its {{megabytes}} MB of data this month.',
    storeWrittenAgain: 'Can be written again: {{file}}',
    unknown: '{{text}}',
  },
};
