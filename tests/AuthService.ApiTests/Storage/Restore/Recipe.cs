using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Storage.Restore;

/// <summary>The commands below a heading of src/AuthService/OPERATIONS.md, run exactly as the document shows them.</summary>
/// <param name="heading">The heading.</param>
/// <param name="variables">The variables that the document leaves to the operator.</param>
internal sealed class Recipe(string heading, params (string Name, string Value)[] variables)
{
    /// <param name="block">The number of the code block below the heading, from one.</param>
    public Task RunAsync(int block) => LocalServer.RunAsync(CommandOf(block));

    /// <summary>Runs the commands as the user of PostgreSQL, with the programs of the server that the tests start.</summary>
    public Task RunAsPostgresAsync(int block) =>
        LocalServer.RunAsServerAsync(CommandOf(block, ("PATH", $"{PostgresInstance.FindBinaries()}:{Environment.GetEnvironmentVariable("PATH")}")));

    private string[] CommandOf(int block, params (string Name, string Value)[] more)
    {
        var blocks = Blocks(heading);
        Assert.True(blocks.Count >= block, $"There are {blocks.Count} blocks of commands below \"{heading}\"");
        return ["env", .. variables.Concat(more).Select(variable => $"{variable.Name}={variable.Value}"), "bash", "-euc", blocks[block - 1]];
    }

    private static List<string> Blocks(string heading)
    {
        var blocks = new List<string>();
        List<string>? open = null;
        var lines = File.ReadLines(Path.Combine(TestResults.Root, "src/AuthService/OPERATIONS.md"));
        foreach (var line in lines.SkipWhile(line => line != $"### {heading}").Skip(1).TakeWhile(line => !line.StartsWith("##", StringComparison.Ordinal)))
        {
            if (line is "```sh")
            {
                open = [];
            }
            else if (open is not null && line is "```")
            {
                blocks.Add(string.Join('\n', open));
                open = null;
            }
            else
            {
                open?.Add(line);
            }
        }

        return blocks;
    }
}
