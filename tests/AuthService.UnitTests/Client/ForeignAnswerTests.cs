extern alias package;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using package::AuthService.Client;
using package::AuthService.Client.Bearer;
using package::AuthService.Client.Calls;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>A proxy may answer in the place of AuthService, with a page or a redirect. AuthService has done nothing then.</summary>
public sealed class ForeignAnswerTests
{
    private const string Page = "/maintenance";

    private static readonly Func<AuthServiceClient, Task>[] Changes =
    [
        auth => auth.ClaimAsync("jti"),
        auth => auth.InvalidateAsync(["rt_x"]),
        auth => auth.Sessions.RevokeAsync(Guid.Empty),
        auth => auth.Sessions.EnableAsync(Guid.Empty),
        auth => auth.Sessions.EnableForAsync(Guid.Empty, "EQUISOFT_CONNECT"),
        auth => auth.Sessions.PutTokenAsync(Guid.Empty, "idp", "value"),
        auth => auth.Sessions.ForgetTokenAsync(Guid.Empty, "idp"),
    ];

    private static readonly Func<AuthServiceClient, Task>[] Questions =
    [
        auth => auth.ExtendAsync("token", ["files:read"], TimeSpan.FromMinutes(1)),
        auth => auth.RequestOneTimeTokenAsync("token", ["files:read"]),
        auth => auth.IntrospectAsync("token"),
        auth => auth.Sessions.OpenAsync(new NewSession(Guid.Empty)),
        auth => auth.Sessions.FindAsync(Guid.Empty),
        auth => auth.Sessions.ImpersonateAsync(Guid.Empty, Guid.Empty),
        auth => auth.Sessions.RevertIdentityAsync(Guid.Empty),
        auth => auth.Sessions.FindTokenAsync(Guid.Empty, "idp"),
    ];

    private static readonly Dictionary<string, Func<HttpContext, Task>> Answers = new(StringComparer.Ordinal)
    {
        ["page"] = FeedServer.Say("<!DOCTYPE html>"),
        ["page of an unknown character set"] = http =>
        {
            http.Response.ContentType = "text/html; charset=none";
            return http.Response.WriteAsync("{}");
        },
        ["nothing"] = FeedServer.Status(StatusCodes.Status200OK),
        ["object"] = FeedServer.Say("{}"),
        ["nulls"] = FeedServer.Say("""{"accessToken":null,"jti":null,"active":null,"sessionId":null,"value":null}"""),
        ["redirect"] = RedirectAsync,
        ["page for an unknown route"] = PageOf(StatusCodes.Status404NotFound),
        ["page for a conflict"] = PageOf(StatusCodes.Status409Conflict),
        ["refusal of an unknown character set"] = http =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (StatusCodes.Status403Forbidden, "text/html; charset=none");
            return http.Response.WriteAsync("{}");
        },
    };

    public static TheoryData<string> Names { get; } = new(Answers.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_call_takes_it_for_an_answer(string name)
    {
        await using var service = await ReadingService.StartAsync();
        service.Feed.Introspection = Answers[name];

        foreach (var call in Changes.Concat(Questions))
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call(service.Auth));

        Assert.Equal(Changes.Length + Questions.Length, service.Feed.Questions);
    }

    [Fact]
    public async Task An_answer_without_a_body_says_nothing()
    {
        await using var service = await ReadingService.StartAsync();
        service.Feed.Introspection = FeedServer.Status(StatusCodes.Status204NoContent);

        foreach (var call in Questions)
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call(service.Auth));
        foreach (var call in Changes)
            await call(service.Auth);
    }

    [Fact]
    public async Task No_client_follows_redirects()
    {
        await using var services = NewServices(new Uri("https://auth.example.com")).BuildServiceProvider();
        var handlers = services.GetRequiredService<IHttpMessageHandlerFactory>();

        foreach (var name in new[] { nameof(AuthServiceClient), ServiceCredential.HttpClientName, RevocationFeed.HttpClientName, PublishedKeys.HttpClientName })
        {
            var handler = handlers.CreateHandler(name);
            while (handler is DelegatingHandler { InnerHandler: { } inner })
                handler = inner;
            Assert.False(Assert.IsType<SocketsHttpHandler>(handler).AllowAutoRedirect, name);
        }
    }

    /// <summary>A redirect removes the credential, and turns the call into a GET.</summary>
    [Fact]
    public async Task What_a_handler_of_the_service_s_own_has_followed_is_no_answer()
    {
        await using var feed = await FeedServer.StartAsync(TimeProvider.System);
        feed.Introspection = http => http.Request.Path == Page ? FeedServer.Status(StatusCodes.Status204NoContent)(http) : RedirectAsync(http);
        var own = NewServices(feed.Address);
        own.AddHttpClient(nameof(AuthServiceClient)).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
        await using var services = own.BuildServiceProvider();

        await Assert.ThrowsAsync<HttpRequestException>(() => services.GetRequiredService<AuthServiceClient>().ClaimAsync("jti"));

        Assert.Equal(2, feed.Questions);
    }

    private static IServiceCollection NewServices(Uri address)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddAuthServiceBearer(options => options.Issuer = "https://auth.example.com");
        services.AddAuthServiceClient(options => (options.Address, options.ApiKey) = (address, "sk_x"));
        return services;
    }

    private static Func<HttpContext, Task> PageOf(int status) => http =>
    {
        (http.Response.StatusCode, http.Response.ContentType) = (status, "text/html");
        return http.Response.WriteAsync("<!DOCTYPE html>");
    };

    private static Task RedirectAsync(HttpContext http)
    {
        http.Response.Redirect(Page);
        return Task.CompletedTask;
    }
}
