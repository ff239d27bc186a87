using AuthService.Api;
using AuthService.Api.Admin;
using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

/// <summary>Errors are written correctly in situations that a request over HTTP cannot produce.</summary>
public sealed class ErrorWriterTests
{
    private static readonly Surface Elsewhere = new("", "pages", "Pages", typeof(ProblemBody), AdminErrors.ToBody, _ => { });

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    public async Task An_error_for_a_caller_who_has_hung_up_is_no_fault(int status)
    {
        await using var services = new ServiceCollection().AddSingleton<HostCookies>()
            .ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions)).BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body }, RequestAborted = new CancellationToken(canceled: true) };

        await new ErrorWriter([], Elsewhere, NewRecorder()).WriteAsync(context, ApiError.FromStatus(status));

        Assert.Equal(status, context.Response.StatusCode);
    }

    private static RefusalRecorder NewRecorder() => new(
        new RefusalBuffer(), new RefusalReports(new UnheardMeters(), NullLogger<RefusalReports>.Instance), TimeProvider.System);
}
