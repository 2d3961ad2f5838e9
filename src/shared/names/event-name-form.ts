/** What a name in the catalogue looks like. Apart from the contract, because the writer's thread needs it and starts faster without schemas. */
export const eventNameForm = /^[A-Za-z0-9_\-/:]+(\.[A-Za-z0-9_\-/:]+)*$/;
