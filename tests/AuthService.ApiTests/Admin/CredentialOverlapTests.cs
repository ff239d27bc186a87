using System.Net;
using System.Text;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>After a renewal with an overlap, the old service refresh token stays valid beside the new one for that time.</summary>
public abstract class CredentialOverlapTests(AuthHost host)
{
    [Fact]
    public async Task With_an_overlap_the_old_credential_works_until_it_is_over()
    {
        using var frozen = host.Clock.Freeze();
        var old = await host.CreateServiceAsync();
        var token = await host.RefreshAsync(old.RefreshToken);

        var renewed = await RenewAsync(old.Id, new { overlap = 3600 });

        await host.PostAsync("/auth/request?audience=files:read", token).ExpectAsync(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await host.RefreshAsync(old.RefreshToken);
        await host.RefreshAsync(renewed);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await host.TryRefreshAsync(old.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.RefreshAsync(renewed);
    }

    [Theory]
    [InlineData("renewed at once")]
    [InlineData("disabled")]
    [InlineData("deleted")]
    public async Task An_overlap_ends_with_the_credential(string how)
    {
        var old = await host.CreateServiceAsync();
        await RenewAsync(old.Id, new { overlap = 604_800 });
        switch (how)
        {
            case "disabled":
                await host.ChangeAsync(old.Id, new { state = "DISABLED" });
                await host.ChangeAsync(old.Id, new { state = "ENABLED" });
                break;
            case "deleted":
                await host.DeleteAsync(Administration.PathOf(old.Id), await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
                break;
            default:
                await RenewAsync(old.Id);
                break;
        }

        await host.TryRefreshAsync(old.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_two_overlaps_the_later_one_counts()
    {
        var first = await host.CreateServiceAsync();
        var second = await RenewAsync(first.Id, new { overlap = 60 });

        var third = await RenewAsync(first.Id, new { overlap = 60 });

        await host.TryRefreshAsync(first.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.RefreshAsync(second);
        await host.RefreshAsync(third);
    }

    [Theory]
    [InlineData("""{"overlap": -1}""")]
    [InlineData("""{"overlap": 604801}""")]
    [InlineData("""{"overlap": "3600"}""")]
    [InlineData("""{"overlap": 1.5}""")]
    [InlineData("""{"overlapSeconds": 3600}""")]
    [InlineData("overlap=3600")]
    public async Task A_bad_overlap_renews_nothing(string body)
    {
        var service = await host.CreateServiceAsync();
        using var content = AuthCalls.Json(body);

        await host.SendAsync(HttpMethod.Post, $"{Administration.PathOf(service.Id)}/refresh-token", await host.AdminTokenAsync(), content)
            .ProblemAsync(HttpStatusCode.BadRequest);

        await host.RefreshAsync(service.RefreshToken);
    }

    /// <summary>A body without a content type and of unknown length must not be ignored: it may contain the overlap.</summary>
    [Fact]
    public async Task A_body_without_a_type_renews_nothing()
    {
        var service = await host.CreateServiceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Administration.PathOf(service.Id)}/refresh-token");
        request.Headers.Authorization = new("Bearer", await host.AdminTokenAsync());
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"overlap": 3600}"""));

        await host.Http.SendAsync(request).ProblemAsync(HttpStatusCode.BadRequest);

        await host.RefreshAsync(service.RefreshToken);
    }

    private async Task<string> RenewAsync(string id, object? body = null) =>
        (await host.PostAsync($"{Administration.PathOf(id)}/refresh-token", await host.AdminTokenAsync(), body).ExpectAsync(HttpStatusCode.OK))
        .Text("refreshToken");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : CredentialOverlapTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : CredentialOverlapTests(store.Host);
}
