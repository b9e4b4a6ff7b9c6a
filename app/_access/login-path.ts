/** Where people sign in. */
export const loginPath = "/login";
