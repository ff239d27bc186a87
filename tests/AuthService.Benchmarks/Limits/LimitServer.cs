using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>
/// A server that shows what the machine can do: Kestrel without middleware, routing or dependency injection, and only the work that an operation needs.
/// </summary>
internal static class LimitServer
{
    public const string Constant = "/constant";
    public const string LookUp = "/look-up";
    public const string Touch = "/touch";
    public const string Revoke = "/revoke";
    public const string BatchedLookUp = "/batched/look-up";
    public const string BatchedLookUpAndSign = "/batched/look-up-and-sign";
    public const string BatchedClaim = "/batched/claim";
    public const string BatchedLogout = "/batched/logout";
    public const string BatchedChallenge = "/batched/challenge";

    /// <summary>The last segment of these paths is an id.</summary>
    public const string BatchedRequestedSession = "/batched/session/";
    public const string BatchedTouch = "/batched/touch/";
    public const string BatchedList = "/batched/list/";
    public const string BatchedAudit = "/batched/audit/";

    public static async Task RunAsync(LimitOptions options, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(options.Port));
        await using var app = builder.Build();
        await using var database = options.ConnectionString is null ? null : LimitDatabase.Open(options.ConnectionString);
        var handle = Handler(options, database);
        app.Run(context => handle(context));
        await ((IHost)app).RunAsync(cancellationToken);
    }

    /// <summary>Returns the id in the last segment of the path.</summary>
    public static Guid IdOf(HttpRequest request)
    {
        var path = request.Path.Value.AsSpan();
        return Guid.Parse(path[(path.LastIndexOf('/') + 1)..]);
    }

    private static RequestDelegate Handler(LimitOptions options, NpgsqlDataSource? database)
    {
        RequestDelegate constant = new ConstantLimit(options.ConstantBytes).HandleAsync;
        if (database is null)
            return constant;

        var lookUp = new LookUpLimit(new SessionLookUp(database).FindAsync, options.ListBytes);
        var touch = new TouchLimit(database, options.SessionBytes);
        var revoke = new RevokeLimit(database);
        var batched = BatchedHandler(options, database);
        return context => context.Request.Path.Value switch
        {
            Constant => constant(context),
            LookUp => lookUp.HandleAsync(context),
            Touch => touch.HandleAsync(context),
            { } path when path.StartsWith(Revoke, StringComparison.Ordinal) => revoke.HandleAsync(context),
            _ => batched(context),
        };
    }

    private static RequestDelegate BatchedHandler(LimitOptions options, NpgsqlDataSource database)
    {
        var byToken = new BatchedSessionLookUp(database);
        var byId = new BatchedRequestedSessionLookUp(database);
        var lookUp = new LookUpLimit(byToken.FindAsync, options.SessionBytes);
        var sign = new BatchedLookUpAndSignLimit(byToken, options.SigningKeyPem, options.Issuer);
        var session = new LookUpLimit(byId.FindAsync, options.SessionBytes);
        var touch = new BatchedTouchLimit(database, byId, options.SessionBytes);
        var list = new BatchedListLimit(database, options.ListBytes);
        var claim = new BatchedClaimLimit(database);
        var logout = new BatchedLogoutLimit(database);
        var audit = new BatchedAuditLimit(database);
        var challenge = new BatchedChallengeLimit(database, options.PromptBytes);
        return context => context.Request.Path.Value switch
        {
            BatchedLookUp => lookUp.HandleAsync(context),
            BatchedLookUpAndSign => sign.HandleAsync(context),
            BatchedClaim => claim.HandleAsync(context),
            BatchedLogout => logout.HandleAsync(context),
            BatchedChallenge => challenge.HandleAsync(context),
            { } path when path.StartsWith(BatchedRequestedSession, StringComparison.Ordinal) => session.HandleAsync(context),
            { } path when path.StartsWith(BatchedTouch, StringComparison.Ordinal) => touch.HandleAsync(context),
            { } path when path.StartsWith(BatchedList, StringComparison.Ordinal) => list.HandleAsync(context),
            { } path when path.StartsWith(BatchedAudit, StringComparison.Ordinal) => audit.HandleAsync(context),
            _ => NotFound(context),
        };
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
