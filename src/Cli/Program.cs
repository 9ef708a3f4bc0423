using SelfPlayArena.Cli;

return ArenaCommand.Run(args, Console.Out, Console.Error);
