namespace AuthService.Api.Http;

internal static class FormBody
{
    /// <summary>Reads a form in which each field is given once.</summary>
    public static async Task<(IFormCollection? Form, ApiError? Fault)> ReadAsync(HttpContext context)
    {
        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return form.Any(field => field.Value.Count > 1) ? (null, ApiError.BadRequest("A field is given twice")) : (form, null);
        }
        catch (IOException error)
        {
            return (null, UnreadableBody.Refuse(context, error));
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            return (null, ApiError.BadRequest("The form is malformed"));
        }
    }
}
