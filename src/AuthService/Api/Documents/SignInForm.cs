using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Documents;

/// <summary>A sign-in on the Swagger page itself, so that nobody pastes tokens: a script and a style sheet of our own.</summary>
internal static class SignInForm
{
    public const string Script = "./sign-in.js";
    public const string StyleSheet = "./sign-in.css";

    /// <summary>Serves the two files, which the assembly holds, and what the script has to know.</summary>
    public static void UseSignInForm(this WebApplication app, string page)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = page,
            FileProvider = new EmbeddedFileProvider(typeof(SignInForm).Assembly, $"{typeof(SignInForm).Namespace}.Page"),
        });
        app.MapGet($"{page}/sign-in.json", (IOptionsMonitor<LoginServiceOptions> services) => TypedResults.Ok(Choose(services.CurrentValue))).ExcludeFromDescription();
    }

    /// <summary>The first Web login service, because no script sees its refresh tokens; without one, the first of all.</summary>
    private static SignInTarget Choose(LoginServiceOptions services)
    {
        var (name, service) = services.OrderBy(entry => entry.Value.Mode is not SessionMode.Web).ThenBy(entry => entry.Key, StringComparer.Ordinal).First();
        return new SignInTarget(name, service.Mode.ToString());
    }

    /// <param name="Service">The login service.</param>
    /// <param name="Mode">Web or Application.</param>
    internal sealed record SignInTarget(string Service, string Mode);
}
