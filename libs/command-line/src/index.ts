export { type Command, callOf } from './command.ts';
export { CommandError } from './command-error.ts';
export { describeError } from './describe-error.ts';
export { type Arguments, readArguments } from './read-arguments.ts';
export { exitCodeOf, runCommand } from './run-command.ts';
export { showWhile } from './show-while.ts';
