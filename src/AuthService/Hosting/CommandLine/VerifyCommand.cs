using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using AuthService.Hosting.CommandLine.Verification;

namespace AuthService.Hosting.CommandLine;

/// <summary>Tests the contract on a running deployment as its clients would: the routes, the sessions, the cookies, and what must hold in races.</summary>
internal static class VerifyCommand
{
    public const string Name = "verify";

    /// <summary>
    /// The time that an interrupted verification has to remove what it created. System.CommandLine would end the process after two seconds.
    /// </summary>
    public static readonly TimeSpan CleanUpTimeout = TimeSpan.FromMinutes(5);

    public static Command Create(WebApplication app)
    {
        var url = new Argument<Uri>("url")
        {
            Description = "Where the deployment is reached, its path included, as PublicAddress says it.",
            CustomParser = ReadAddress,
        };
        var readOnly = new Option<bool>("--read-only")
        {
            Description = "Only what changes nothing and needs no credential: for production.",
        };
        var verify = new Command(
            Name,
            "Tries the contract on a deployment, with people and services of its own that it removes at the end. "
            + "Reads the access token of an administrator who has just signed in from standard input. Exit code 0: all of it holds.")
        {
            url, readOnly,
        };
        verify.SetAction(async (arguments, cancellation) =>
        {
            using var deployment = new Deployment(arguments.GetRequiredValue(url), cancellation);
            var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).ToList();
            var verification = new VerificationRun(deployment, endpoints, app.Services.GetRequiredService<TimeProvider>(), Version);
            return await verification.RunAsync(arguments.GetValue(readOnly) ? null : Terminal.ReadSecret("Access token:"), cancellation);
        });
        return verify;
    }

    /// <summary>The version of this build, which defines the contract that is tested.</summary>
    private static string Version =>
        typeof(VerifyCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "of an unknown version";

    private static Uri? ReadAddress(ArgumentResult argument)
    {
        var text = argument.Tokens.Count is 1 ? argument.Tokens[0].Value : "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" })
            return address;
        argument.AddError($"\"{text}\" is no address such as https://auth.example.com.");
        return null;
    }
}
