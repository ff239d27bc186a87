using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>
/// What the machine could do: bare Kestrel with no middleware, no routing and no dependency injection on the way,
/// doing only the work that the operation cannot do without.
/// </summary>
internal static class LimitServer
{
    public const string Constant = "/constant";
    public const string LookUp = "/look-up";
    public const string LookUpAndSign = "/look-up-and-sign";
    public const string Touch = "/touch";
    public const string Claim = "/claim";
    public const string Revoke = "/revoke";
    public const string Logout = "/logout";

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

    private static RequestDelegate Handler(LimitOptions options, NpgsqlDataSource? database)
    {
        RequestDelegate constant = new ConstantLimit(options.ConstantBytes).HandleAsync;
        if (database is null)
            return constant;

        var lookUp = new LookUpLimit(database, options.ListBytes);
        var sign = new LookUpAndSignLimit(database, options.SigningKeyPem, options.Issuer);
        var touch = new TouchLimit(database, options.SessionBytes);
        var claim = new ClaimLimit(database);
        var revoke = new RevokeLimit(database);
        var logout = new LogoutLimit(database);
        return context => context.Request.Path.Value switch
        {
            Constant => constant(context),
            LookUp => lookUp.HandleAsync(context),
            LookUpAndSign => sign.HandleAsync(context),
            Touch => touch.HandleAsync(context),
            Claim => claim.HandleAsync(context),
            Logout => logout.HandleAsync(context),
            { } path when path.StartsWith(Revoke, StringComparison.Ordinal) => revoke.HandleAsync(context),
            _ => NotFound(context),
        };
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
