using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.SignIn.Passkeys;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Documents;

/// <summary>A sign-in on the Swagger page itself, so that nobody pastes tokens: a script and a style sheet of our own.</summary>
internal static class SwaggerSignIn
{
    public const string Script = "./sign-in.js";
    public const string StyleSheet = "./sign-in.css";

    /// <summary>Serves the two files, which the assembly holds, and what the script has to know.</summary>
    public static void UseSignInForm(this WebApplication app, string page)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = page,
            FileProvider = new EmbeddedFileProvider(typeof(SwaggerSignIn).Assembly, $"{typeof(SwaggerSignIn).Namespace}.Page"),
        });
        app.MapGet($"{page}/sign-in.json", GetTarget).ExcludeFromDescription();
    }

    /// <summary>The first Web login service, because no script sees its refresh tokens; without one, the first of all.</summary>
    private static Ok<SignInTarget> GetTarget(
        IOptionsMonitor<LoginServiceOptions> loginServices, IOptionsMonitor<PasskeyOptions> passkeys, IOptionsMonitor<PublicAddressOptions> address)
    {
        var services = loginServices.CurrentValue;
        var (name, service) = services.OrderBy(entry => entry.Value.Mode is not SessionMode.Web).ThenBy(entry => entry.Key, StringComparer.Ordinal).First();
        var origins = RelyingParty.Find(passkeys.CurrentValue, address.CurrentValue)?.Origins ?? [];
        return TypedResults.Ok(new SignInTarget(name, service.Mode.ToString(), origins));
    }

    /// <param name="Service">The login service.</param>
    /// <param name="Mode">Web or Application.</param>
    /// <param name="PasskeyOrigins">Of the pages that may ask for passkeys; this one need not be among them.</param>
    internal sealed record SignInTarget(string Service, string Mode, IReadOnlyList<string> PasskeyOrigins);
}
