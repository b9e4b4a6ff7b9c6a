/** The version that this script was built as; empty where no build made it. */
export const buildVersion: string = process.env.STOWAGE_VERSION ?? "";
