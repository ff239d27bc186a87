using System.CommandLine;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines a set-up from the machine it runs on: what the settings say, and what others see of the running service.</summary>
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
                // The first examination has told all of its faults; without these settings this one has nothing to go by.
            }
        }

        return wrong == 0 ? Terminal.Done("All is well.") : Terminal.Fail($"{wrong} of these must be mended.");
    }
}
