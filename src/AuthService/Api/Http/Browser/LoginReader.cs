using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Browser;

/// <param name="Attempt">Who signs in, and where.</param>
/// <param name="WantsPage">True for a plain HTML form, whose browser is sent on by a page; false for a program that reads JSON.</param>
internal sealed record Login(SignInAttempt Attempt, bool WantsPage);

/// <summary>A sign-in as a form or as JSON, from one of our pages or from none.</summary>
internal sealed class LoginReader : IInputReader<Login>
{
    public const string Username = "username";
    public const string Password = "password";
    public const string Service = "service";
    public const string PublicComputer = "publicComputer";

    public static ValueTask<ReadResult<Login>> ReadAsync(HttpContext context) => ReadAsync(context, WantsPage(context.Request));

    public static async ValueTask<ReadResult<Login>> ReadAsync(HttpContext context, bool wantsPage)
    {
        if (FindOriginFault(context) is { } untrusted)
            return untrusted;
        var sites = context.RequestServices.GetRequiredService<SignInSites>();
        return (await ReadBodyAsync(context)).Then(body => Check(body, sites, wantsPage, context));
    }

    /// <summary>Whether a sign-in is answered with a page that sends the browser on. It comes from a form, or is asked for alone.</summary>
    public static bool WantsPage(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return !Accepts("application/json") && !(request.HasJsonContentType() && !(Accepts("text/html") && !Accepts("*/*")));

        bool Accepts(string type) => accept.Contains(type, StringComparison.OrdinalIgnoreCase);
    }

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new AcceptsMetadata(["application/json", "application/x-www-form-urlencoded", "multipart/form-data"], typeof(LoginRequest)));

    /// <summary>To a form, which is not given the tokens of an application.</summary>
    public static ApiError NeedsJson => ApiError.BadRequest("This service needs Accept: application/json");

    public static ApiError UnknownService => ApiError.BadRequest($"{Service} is not known");

    public static ApiError Missing(string field) => ApiError.BadRequest($"{field} is missing") with { MissingField = field };

    /// <summary>Keeps another site from signing its visitor in as somebody else (login CSRF). Programs send no origin at all.</summary>
    public static ApiError? FindOriginFault(HttpContext context)
    {
        var verdict = context.RequestServices.GetRequiredService<TrustedOrigins>().Judge(context.Request);
        var refused = verdict is OriginVerdict.Untrusted or OriginVerdict.Malformed
            || (verdict is OriginVerdict.Missing && TrustedOrigins.IsCrossSite(context.Request));
        return refused ? WebCredentialsReader.UntrustedOriginOf(context.Request) : null;
    }

    private static async Task<ReadResult<LoginRequest>> ReadBodyAsync(HttpContext context) => context.Request.HasFormContentType
        ? (await FormBody.ReadAsync(context)).Then<LoginRequest>(FromForm)
        : await JsonBody.ReadAsync<LoginRequest>(context);

    private static ReadResult<LoginRequest> FromForm(IFormCollection form) =>
        new LoginRequest(form[Username], form[Password], form[Service], form.IsOn(PublicComputer));

    /// <summary>True when nothing but white space or invisible characters was typed.</summary>
    private static bool IsBlank(string? username) => UnicodeText.TrimInvisible(username ?? "").Length == 0;

    private static ReadResult<Login> Check(LoginRequest body, SignInSites sites, bool wantsPage, HttpContext context)
    {
        if (IsBlank(body.Username))
            return Missing(Username);
        if (string.IsNullOrEmpty(body.Password))
            return Missing(Password);
        if (string.IsNullOrEmpty(body.Service))
            return Missing(Service);
        if (!PrincipalName.TryParseTyped(body.Username, out var name))
            return ApiError.BadRequest(
                $"{Username} must have at most {PrincipalName.MaximumLength} characters, all of them Unicode and none a control character");
        if (!Principals.Password.TryParse(body.Password, out var password))
            return ApiError.BadRequest($"{Password} must have at most {Principals.Password.MaximumLength} characters, all of them Unicode");
        if (sites.Find(body.Service, body.PublicComputer ?? false) is not { } site)
            return UnknownService;
        if (wantsPage && site.Service.Mode is not SessionMode.Web)
            return NeedsJson;
        var attempt = new SignInAttempt(name, password, site, SignInClients.From(context)) { HashingCaller = ClientInfo.From(context).HashingCaller };
        return new Login(attempt, wantsPage);
    }
}
