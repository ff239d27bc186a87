using AuthService.Client.Bearer;
using AuthService.Client.Calls;
using AuthService.Client.Revocations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthService.Client;

/// <summary>Adds AuthService's scheme and client to a service.</summary>
public static class AuthServiceSetup
{
    /// <summary>
    /// Adds the authentication scheme <see cref="AuthServiceBearer.SchemeName"/> as the default one, and authorization. Access tokens are checked offline by
    /// the published keys. A one-time token is claimed as the last step of its check. That needs <see cref="AddAuthServiceClient"/>; without it one-time
    /// tokens are refused.
    /// </summary>
    /// <remarks>
    /// A token that is not valid is answered 401. When it cannot be checked at this moment (no keys could be fetched yet, or a claim got no answer) the
    /// answer is 503 with <c>Retry-After</c>, and the handler does not run.
    /// <para>
    /// With <see cref="AuthServiceBearerOptions.Revocation"/> a revoked token is answered 401 too, and 503 when the knowledge of revocations is too old to
    /// tell. <see cref="IRevocationStatus"/> has the age of the knowledge.
    /// </para>
    /// </remarks>
    /// <param name="services">The service's own.</param>
    /// <param name="configure">Sets at least <see cref="AuthServiceBearerOptions.Issuer"/>. Wrong options stop the start of the service
    /// (<see cref="OptionsValidationException"/>).</param>
    /// <returns>A builder for further schemes.</returns>
    public static AuthenticationBuilder AddAuthServiceBearer(this IServiceCollection services, Action<AuthServiceBearerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<AuthServiceBearerOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthServiceBearerOptions>, BearerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PublishedKeys>();
        services.TryAddTransient<BearerEvents>();
        FollowNoRedirects(services.AddHttpClient(PublishedKeys.HttpClientName, http => http.Timeout = PublishedKeys.FetchTimeout)).RemoveAllLoggers();
        services.ConfigureOptions<BearerSetup>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JwtBearerOptions>, BearerSetupValidator>());
        services.AddOptions<JwtBearerOptions>(AuthServiceBearer.SchemeName).ValidateOnStart(); // this validates AuthServiceBearerOptions too
        AddRevocations(services);
        services.AddAuthorization();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, FreshSignInHandler>());
        ReplaceUsualAnswer(services);
        return services.AddAuthentication(AuthServiceBearer.SchemeName).AddJwtBearer(AuthServiceBearer.SchemeName, _ => { });
    }

    /// <summary>
    /// Adds <see cref="AuthServiceClient"/>, which calls AuthService as this service. It uses an API key, or an access token that it gets for the service's
    /// refresh token and renews before it expires. A call that is answered 503 with <c>Retry-After</c> is retried.
    /// </summary>
    /// <param name="services">The service's own.</param>
    /// <param name="configure">Sets at least <see cref="AuthServiceClientOptions.Address"/> and one credential. Wrong options stop the start of the service
    /// (<see cref="OptionsValidationException"/>).</param>
    /// <returns>A builder for the client's HTTP pipeline.</returns>
    public static IHttpClientBuilder AddAuthServiceClient(this IServiceCollection services, Action<AuthServiceClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<AuthServiceClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthServiceClientOptions>, ClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceCredential>();
        services.TryAddTransient<CredentialHandler>();
        services.TryAddTransient<RetryHandler>();
        FollowNoRedirects(services.AddHttpClient(ServiceCredential.HttpClientName, SetAddress)).AddHttpMessageHandler<RetryHandler>().RemoveAllLoggers();
        FollowNoRedirects(services.AddHttpClient(RevocationFeed.HttpClientName, SetFeedAddress))
            .AddHttpMessageHandler<CredentialHandler>()
            .RemoveAllLoggers(); // a poll would be four lines each time
        return FollowNoRedirects(services.AddHttpClient(nameof(AuthServiceClient), SetAddress))
            .AddHttpMessageHandler<CredentialHandler>()
            .AddHttpMessageHandler<RetryHandler>()
            .AddTypedClient(http => new AuthServiceClient(http));
    }

    /// <summary>
    /// Switches redirects off. AuthService redirects no call; a proxy may, and a POST would become a GET of its page. A handler that the service sets
    /// afterwards is not changed, but <see cref="ServiceCalls"/> accepts no answer to a call that was redirected.
    /// </summary>
    private static IHttpClientBuilder FollowNoRedirects(IHttpClientBuilder client) => client.ConfigurePrimaryHttpMessageHandler((handler, _) =>
    {
        try
        {
            if (handler is SocketsHttpHandler { AllowAutoRedirect: true } sockets)
                sockets.AllowAutoRedirect = false;
            else if (handler is HttpClientHandler { AllowAutoRedirect: true } other)
                other.AllowAutoRedirect = false;
        }
        catch (InvalidOperationException)
        {
            // The handler comes from the defaults of all clients, and is in use already.
        }
    });

    /// <summary>Replaces the framework's handler of refused requests. A handler of the service's own stays.</summary>
    private static void ReplaceUsualAnswer(IServiceCollection services)
    {
        var last = services.LastOrDefault(service => !service.IsKeyedService && service.ServiceType == typeof(IAuthorizationMiddlewareResultHandler));
        if (last?.ImplementationType == typeof(AuthorizationMiddlewareResultHandler))
            services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswer>();
    }

    private static void AddRevocations(IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<RevocationKnowledge>();
        services.TryAddSingleton<IRevocationStatus>(provider => provider.GetRequiredService<RevocationKnowledge>());
        services.TryAddSingleton<RevocationMetrics>();
        services.TryAddSingleton<TokenQuestions>();
        services.TryAddSingleton<RevocationCheck>();
        services.TryAddSingleton<RevocationFeed>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RevocationMetrics>(p => p.GetRequiredService<RevocationMetrics>()));
        services.AddHostedService<RevocationReader>();
    }

    /// <summary>Sets no timeout, because the feed sets one for each poll.</summary>
    private static void SetFeedAddress(IServiceProvider services, HttpClient http)
    {
        SetAddress(services, http);
        (http.Timeout, http.MaxResponseContentBufferSize) = (Timeout.InfiniteTimeSpan, RevocationFeed.LargestAnswer);
    }

    private static void SetAddress(IServiceProvider services, HttpClient http)
    {
        var options = services.GetRequiredService<IOptions<AuthServiceClientOptions>>().Value;
        http.BaseAddress = new Uri($"{options.Address!.AbsoluteUri.TrimEnd('/')}/");
        http.Timeout = options.Timeout;
    }
}
