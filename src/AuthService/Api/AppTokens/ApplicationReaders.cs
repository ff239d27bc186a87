using System.Globalization;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <summary>The details of the application that a caller creates or replaces.</summary>
internal sealed record ApplicationBody(ApplicationDetails Details, string RawText) : IReadBody;

internal sealed class ApplicationReader : IInputReader<ApplicationBody>
{
    public const string RateLimitName = "throttleRate";
    public const string OldRateLimitName = "rateLimit";

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new MayReadBody(typeof(ApplicationRequest)) { RefusesOtherTypes = true });

    public static async ValueTask<ReadResult<ApplicationBody>> ReadAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        return body.Result(new ApplicationBody(Read(body), body.RawText));
    }

    /// <summary>Reads the details. The result can be used only when the body has no fault.</summary>
    public static ApplicationDetails Read(BodyReader body) => new(body.RequiredText("name") ?? "")
    {
        Uid = body.Uid("uid"),
        Metadata = body.Texts(BodyReader.Map) ?? [],
        RateLimit = ReadRateLimit(body),
    };

    /// <summary>Reads the limit under its new or its old name. Both may be given if they are equal.</summary>
    public static int? ReadRateLimit(BodyReader body)
    {
        var (rate, old) = (body.WholeNumber(RateLimitName, 0, ushort.MaxValue), body.WholeNumber(OldRateLimitName, 0, ushort.MaxValue));
        if (rate is not null && old is not null && rate != old)
            body.RefuseDifference(RateLimitName, OldRateLimitName);
        return rate ?? old;
    }
}

/// <summary>The change that a caller makes to an application.</summary>
internal sealed record ApplicationChangeBody(ApplicationChange Change, string RawText) : IReadBody;

internal sealed class ApplicationChangeReader : IInputReader<ApplicationChangeBody>
{
    public static void Document(EndpointBuilder endpoint) =>
        endpoint.Metadata.Add(new MayReadBody(typeof(ApplicationPatchRequest)) { RefusesOtherTypes = true });

    public static async ValueTask<ReadResult<ApplicationChangeBody>> ReadAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        return body.Result(new ApplicationChangeBody(Read(body), body.RawText));
    }

    private static ApplicationChange Read(BodyReader body)
    {
        const string Rate = ApplicationReader.RateLimitName;
        const string OldRate = ApplicationReader.OldRateLimitName;
        var (names, namesOld) = (body.Names(Rate), body.Names(OldRate));
        if (names && namesOld && body.HoldsNull(Rate) != body.HoldsNull(OldRate))
            body.RefuseDifference(Rate, OldRate); // one removes the value and the other sets it
        return new ApplicationChange
        {
            Name = body.Text("name"),
            SetsUid = body.Names("uid"),
            Uid = body.Uid("uid"),
            Metadata = body.Texts(BodyReader.Map),
            SetsRateLimit = names || namesOld,
            RateLimit = ApplicationReader.ReadRateLimit(body),
        };
    }
}

/// <summary>Reads the <c>{app_id}</c> of a route.</summary>
internal sealed class ApplicationKeyReader : IRouteValueReader<ApplicationKey>
{
    public const string Name = "app_id";

    public static ApiError BadId => ApiError.Unprocessable(
        new InputFault(["path", Name], $"{Name} must be 1 to {ApplicationKey.LongestUid} letters, digits, '-', '_' and '.'", FaultTypes.WrongFormat));

    public static string Description => "The application's id (app_…) or its uid";

    public static ReadResult<ApplicationKey> Read(string? text) => ApplicationKey.TryParse(text, out var key) ? key : BadId;
}

/// <summary>The page of the list of applications that a caller requests.</summary>
internal sealed record ApplicationPaging(int Limit, ListPosition? Position, bool Descending);

internal sealed class ApplicationPagingReader : IInputReader<ApplicationPaging>
{
    private const int UsualLimit = 50;
    private const int MostAtOnce = 250;

    public static ApiError BadLimit => ApiError.Unprocessable(
        new InputFault(["query", "limit"], $"limit must be a whole number from 1 to {MostAtOnce}", FaultTypes.OutOfRange));

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("limit", $"1 to {MostAtOnce}, as a rule {UsualLimit}") { IsNumber = true });
        endpoint.Metadata.Add(new ReadsParameter("iterator", "As the page before gave it"));
        endpoint.Metadata.Add(new ReadsParameter("order", "ascending (as a rule) or descending, by the time of creation"));
    }

    public static ValueTask<ReadResult<ApplicationPaging>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(context.Request.Query));

    private static ReadResult<ApplicationPaging> Read(IQueryCollection query)
    {
        var faults = new List<InputFault>();
        var limit = UsualLimit;
        if (query["limit"].ToString() is { Length: > 0 } limitText
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostAtOnce))
            faults.AddRange(BadLimit.Faults);
        ListPosition? position = null;
        if (query["iterator"].ToString() is { Length: > 0 } iterator && !ListPosition.TryParse(iterator, out position))
            faults.Add(new InputFault(["query", "iterator"], "iterator must be one that a page of this list gave", FaultTypes.WrongFormat));
        var order = query["order"].ToString();
        if (order is not ("" or "ascending" or "descending"))
            faults.Add(new InputFault(["query", "order"], "order must be ascending or descending", FaultTypes.WrongFormat));
        return faults.Count == 0 ? new ApplicationPaging(limit, position, order is "descending") : ApiError.Unprocessable(faults);
    }
}

/// <summary>Reads the flag <c>?get_if_exists</c>. With it, an existing application is returned instead of a conflict.</summary>
internal sealed class GetIfExistsReader : IInputReader<bool>
{
    private const string Name = "get_if_exists";

    public static void Document(EndpointBuilder endpoint) =>
        endpoint.Metadata.Add(new ReadsParameter(Name, "Instead of 409, the application that has the uid already (200)") { IsFlag = true });

    public static ValueTask<ReadResult<bool>> ReadAsync(HttpContext context) =>
        ValueTask.FromResult<ReadResult<bool>>(context.Request.Query[Name].ToString() switch
        {
            "true" => true,
            "" or "false" => false,
            _ => ApiError.Unprocessable(new InputFault(["query", Name], $"{Name} must be true or false", FaultTypes.WrongType)),
        });
}
