using System.CommandLine;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines a set-up from the machine on which it runs: the settings, and the running service as others see it.</summary>
internal static class DoctorCommand
{
    private static readonly Func<IServiceProvider, CancellationToken, IAsyncEnumerable<Finding>>[] Examinations =
    [
        (services, _) => SettingsExamination.Examine(services).ToAsyncEnumerable(),
        StoreExamination.ExamineAsync,
        (services, _) => KeyExamination.Examine(services).ToAsyncEnumerable(),
        MailExamination.ExamineAsync,
        ProviderExamination.ExamineAsync,
        PublicAddressExamination.ExamineAsync,
    ];

    public static Command Create(IServiceProvider services)
    {
        var doctor = new Command(
            "doctor", "Checks the set-up and explains what it finds, the running service at its public address included. Exit code 0: all is well.");
        doctor.SetAction((_, cancellation) => ExamineAsync(services, cancellation));
        return doctor;
    }

    private static async Task<int> ExamineAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var wrong = 0;
        foreach (var examine in Examinations)
        {
            try
            {
                await foreach (var finding in examine(scope.ServiceProvider, cancellation))
                {
                    wrong += finding.Kind is FindingKind.Wrong ? 1 : 0;
                    await Console.Out.WriteLineAsync(finding.ToString());
                }
            }
            catch (OptionsValidationException)
            {
                // The first examination has already reported these faults. Without the settings this examination cannot run.
            }
        }

        return wrong == 0 ? Terminal.Done("All is well.") : Terminal.Fail($"{wrong} of these must be mended.");
    }
}
