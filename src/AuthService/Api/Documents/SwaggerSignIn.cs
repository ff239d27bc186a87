using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.SignIn.Passkeys;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Documents;

/// <summary>Adds a sign-in form to the Swagger page, so that nobody has to paste tokens. It consists of our own script and style sheet.</summary>
internal static class SwaggerSignIn
{
    public const string Script = "./sign-in.js";
    public const string StyleSheet = "./sign-in.css";

    /// <summary>Serves the two files, which are embedded in the assembly, and the settings that the script needs.</summary>
    public static void UseSignInForm(this WebApplication app, string page)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = page,
            FileProvider = new EmbeddedFileProvider(typeof(SwaggerSignIn).Assembly, $"{typeof(SwaggerSignIn).Namespace}.Page"),
        });
        app.MapGet($"{page}/sign-in.json", GetTarget).ExcludeFromDescription();
    }

    /// <summary>Returns the first Web login service, because scripts cannot read its refresh tokens. Without one, it returns the first of all.</summary>
    private static Ok<SignInTarget> GetTarget(
        IOptionsMonitor<LoginServiceOptions> loginServices, IOptionsMonitor<PasskeyOptions> passkeys, IOptionsMonitor<PublicAddressOptions> address)
    {
        var services = loginServices.CurrentValue;
        var (name, service) = services.OrderBy(entry => entry.Value.Mode is not SessionMode.Web).ThenBy(entry => entry.Key, StringComparer.Ordinal).First();
        var origins = RelyingParty.Find(passkeys.CurrentValue, address.CurrentValue)?.Origins ?? [];
        return TypedResults.Ok(new SignInTarget(name, service.Mode.ToString(), origins));
    }

    /// <param name="Service">The name of the login service.</param>
    /// <param name="Mode">Web or Application.</param>
    /// <param name="PasskeyOrigins">The origins of the pages that may ask for passkeys. The origin of this page may be missing.</param>
    internal sealed record SignInTarget(string Service, string Mode, IReadOnlyList<string> PasskeyOrigins);
}
