using System.CommandLine;
using System.Runtime.CompilerServices;
using AuthService.Audit;
using AuthService.People;
using AuthService.Storage;
using Spectre.Console;

namespace AuthService.Hosting.CommandLine;

/// <summary>Imports people from another system, one JSON object a line.</summary>
internal static class ImportCommand
{
    private const int BatchSize = 1_000;

    public static Command Create(CommandStore store)
    {
        var file = new Argument<FileInfo>("file") { Description = "JSON lines: id, passwordHash, role, state, firstNames, lastName, email, …" };
        file.AcceptExistingOnly();
        var import = new Command(
            "import", "Adds people with the password hashes that they have elsewhere. Run again, it goes on where it was interrupted.") { file };
        import.SetAction((arguments, cancellation) => store.UseAsync(
            services => RunAsync(services, arguments.GetRequiredValue(file), cancellation), cancellation));
        return import;
    }

    private static async Task<int> RunAsync(IServiceProvider services, FileInfo file, CancellationToken cancellation)
    {
        var report = new ImportReport();
        ProgressColumn[] columns = [new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn()];
        await Terminal.Errors.Progress().Columns(columns).StartAsync(async progress =>
        {
            var bar = progress.AddTask("people", maxValue: Math.Max(1, file.Length));
            await using var stream = file.OpenRead();
            var lines = new LineReader(stream);
            await foreach (var batch in ReadAsync(lines, report, cancellation).Chunk(BatchSize).WithCancellation(cancellation))
            {
                await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<Store>().AllowLongStatements();
                report.Count(batch.Length, await scope.ServiceProvider.GetRequiredService<PrincipalImport>().AddMissingAsync(batch, AuditActor.CommandLine));
                bar.Value = lines.BytesRead;
            }

            bar.Value = bar.MaxValue;
        });
        return report.Finish();
    }

    /// <summary>Reads the people from the valid lines and reports the others.</summary>
    private static async IAsyncEnumerable<ImportedPerson> ReadAsync(
        LineReader lines, ImportReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in lines.ReadAsync(cancellation))
        {
            if (line.IsCut)
                report.Refuse(line.Number, $"has more than {LineReader.Longest} bytes");
            else if (line.Text.Length == 0)
                continue;
            else if (ImportLine.TryRead(line.Text.Span, out var person, out var fault, report.NoteUnread))
                yield return person;
            else
                report.Refuse(line.Number, fault);
        }
    }
}
