using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Browser;

/// <param name="Attempt">The name, the password and the login service.</param>
/// <param name="WantsPage">True for a plain HTML form, which gets a page that sends the browser on; false for a program that reads JSON.</param>
internal sealed record Login(SignInAttempt Attempt, bool WantsPage);

/// <summary>Reads a sign-in from a form or from JSON, sent by our own pages or by others.</summary>
internal sealed class LoginReader : IInputReader<Login>
{
    public const string Username = "username";
    public const string Password = "password";
    public const string Service = "service";
    public const string PublicComputer = "publicComputer";

    public static ValueTask<ReadResult<Login>> ReadAsync(HttpContext context) => ReadAsync(context, WantsPage(context.Request));

    public static async ValueTask<ReadResult<Login>> ReadAsync(HttpContext context, bool wantsPage)
    {
        if (OriginFaults.FindOfSignIn(context) is { } untrusted)
            return untrusted;
        var sites = context.RequestServices.GetRequiredService<SignInSites>();
        return (await ReadBodyAsync(context)).Then(body => Check(body, sites, wantsPage, context));
    }

    /// <summary>
    /// Returns whether the response is a page that sends the browser on: for a form that does not accept JSON, and for a JSON request that accepts only HTML.
    /// </summary>
    public static bool WantsPage(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return !Accepts("application/json") && !(request.HasJsonContentType() && !(Accepts("text/html") && !Accepts("*/*")));

        bool Accepts(string type) => accept.Contains(type, StringComparison.OrdinalIgnoreCase);
    }

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new AcceptsMetadata(["application/json", "application/x-www-form-urlencoded", "multipart/form-data"], typeof(LoginRequest)));

    /// <summary>Refuses a form for an application, because a form does not get the tokens of an application.</summary>
    public static ApiError NeedsJson => ApiError.BadRequest("This service needs Accept: application/json");

    public static ApiError UnknownService => ApiError.BadRequest($"{Service} is not known");

    private static async Task<ReadResult<LoginRequest>> ReadBodyAsync(HttpContext context) => context.Request.HasFormContentType
        ? (await FormBody.ReadAsync(context)).Then<LoginRequest>(FromForm)
        : await JsonBody.ReadAsync<LoginRequest>(context);

    private static ReadResult<LoginRequest> FromForm(IFormCollection form) =>
        new LoginRequest(form[Username], form[Password], form[Service], form.IsOn(PublicComputer));

    /// <summary>Returns whether the name has only white space or invisible characters.</summary>
    private static bool IsBlank(string? username) => UnicodeText.TrimInvisible(username ?? "").Length == 0;

    private static ReadResult<Login> Check(LoginRequest body, SignInSites sites, bool wantsPage, HttpContext context)
    {
        if (IsBlank(body.Username))
            return ApiError.Missing(Username);
        if (string.IsNullOrEmpty(body.Password))
            return ApiError.Missing(Password);
        if (string.IsNullOrEmpty(body.Service))
            return ApiError.Missing(Service);
        if (!PrincipalName.TryParseTyped(body.Username, out var name))
            return ApiError.BadRequest(
                $"{Username} must have at most {PrincipalName.MaximumLength} characters, all of them Unicode and none a control character");
        if (!Principals.Passwords.Password.TryParse(body.Password, out var password))
            return ApiError.BadRequest($"{Password} must have at most {Principals.Passwords.Password.MaximumLength} characters, all of them Unicode");
        if (sites.Find(body.Service, body.PublicComputer ?? false) is not { } site)
            return UnknownService;
        if (wantsPage && site.Service.Mode is not SessionMode.Web)
            return NeedsJson;
        var attempt = new SignInAttempt(name, password, site, SignInClients.From(context)) { HashingCaller = ClientInfo.From(context).HashingCaller };
        return new Login(attempt, wantsPage);
    }
}
